"""The words of the project as frozen values.

Times are aware UTC. Offsets count code points of `Reading.text`. Ids are derived from what they are about
(`derive_id`), so that doing something twice meets the same key.
"""

from monitor.core.model.changed import (
    Assessment as Assessment,
    Change as Change,
    Comparison as Comparison,
    Difference as Difference,
    Flag as Flag,
    Op as Op,
    ProvisionChange as ProvisionChange,
    Segment as Segment,
    SegmentKind as SegmentKind,
    Severity as Severity,
    Signal as Signal,
    change_id as change_id,
)
from monitor.core.model.decided import (
    Archived as Archived,
    Current as Current,
    Event as Event,
    EventKind as EventKind,
    Failed as Failed,
    Held as Held,
    Incident as Incident,
    Line as Line,
    NotModified as NotModified,
    Outcome as Outcome,
    Pending as Pending,
    Recalled as Recalled,
    Reread as Reread,
    Result as Result,
    Returned as Returned,
    Seen as Seen,
    Suspect as Suspect,
    ToldEdit as ToldEdit,
    Unchanged as Unchanged,
    Unsaid as Unsaid,
    Version as Version,
)
from monitor.core.model.memory import (
    Lesson as Lesson,
    Memory as Memory,
    Place as Place,
    Restless as Restless,
    Stir as Stir,
)
from monitor.core.model.read import (
    Announcement as Announcement,
    Block as Block,
    BlockKind as BlockKind,
    Provision as Provision,
    ProvisionKind as ProvisionKind,
    Reading as Reading,
    StatedDates as StatedDates,
    made_by as made_by,
)
from monitor.core.model.seen import (
    Answer as Answer,
    Failure as Failure,
    FailureKind as FailureKind,
    FetchFailure as FetchFailure,
    Frame as Frame,
    Hop as Hop,
    Kept as Kept,
    KnownSource as KnownSource,
    Look as Look,
    Sameness as Sameness,
    Snapshot as Snapshot,
    SourceLook as SourceLook,
    SuspectKind as SuspectKind,
    Unreadable as Unreadable,
    Verified as Verified,
)
from monitor.core.model.told import (
    Channel as Channel,
    ChannelKind as ChannelKind,
    Delivery as Delivery,
    DeliveryKind as DeliveryKind,
    DeliveryState as DeliveryState,
    Message as Message,
    Plan as Plan,
    Subscriber as Subscriber,
)
from monitor.core.model.watched import (
    Document as Document,
    DocumentRef as DocumentRef,
    Policy as Policy,
    Range as Range,
    ReadingDeclaration as ReadingDeclaration,
    Schedule as Schedule,
    Selector as Selector,
    Source as Source,
    derive_id as derive_id,
)
