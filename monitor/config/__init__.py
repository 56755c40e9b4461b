"""The configuration: one TOML file becomes immutable settings, or a ConfigError that shows every problem at once.

It opens the file, and the files of secrets where asked to; whether a database, page or mail server can be reached is
the business of those who use them.
"""

from monitor.config.load import load as load
from monitor.config.reference import (
    example as example,
    json_schema as json_schema,
    reference_markdown as reference_markdown,
)
from monitor.config.secret import Secret as Secret, SecretTable as SecretTable
from monitor.config.sections import (
    ChannelTable as ChannelTable,
    DatabaseSection as DatabaseSection,
    DeliverySection as DeliverySection,
    EmailSection as EmailSection,
    EmailSecurity as EmailSecurity,
    FetchSection as FetchSection,
    LogFormat as LogFormat,
    LogLevel as LogLevel,
    LogSection as LogSection,
    OperatorSection as OperatorSection,
    ReadingSection as ReadingSection,
    ScheduleSection as ScheduleSection,
    WebhookSection as WebhookSection,
)
from monitor.config.settings import OPERATOR as OPERATOR, Platform as Platform, Settings as Settings
