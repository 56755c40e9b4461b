"""terms-monitor: watches the terms of online platforms and tells exactly which provision changed."""

__version__ = "0.1.0"
