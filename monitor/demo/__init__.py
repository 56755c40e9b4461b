"""The demo: made-up platforms on a local site, receivers for mail and webhooks, and the real daemon between them."""
