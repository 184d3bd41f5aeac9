"""What a server itself refuses, whatever program somebody writes with (the fourth revision).

Who owns the tables may do everything: a desk whose people share the owner's login has attribution only, as a file has.
Everybody else is a member of some of the group roles that `supportdesk db roles` makes.
"""

GUARD_EVENT = """
CREATE FUNCTION supportdesk_guard_event() RETURNS trigger LANGUAGE plpgsql {path} AS $guard$
DECLARE
    needed text[];
    named text;
    ticket record;
    lowered boolean;
    threshold integer;
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RETURN NEW;
    END IF;

    -- Nobody writes in another's name.
    IF NEW.actor <> session_user AND NOT coalesce(
        (supportdesk_is('watcher') AND NEW.actor = 'watcher')
        OR (supportdesk_is('intake') AND (NEW.actor = 'intake' OR NEW.actor LIKE 'contact %'))
        OR (supportdesk_is('portal') AND NEW.actor LIKE 'contact %'), false)
    THEN
        RAISE EXCEPTION 'the login % cannot write in the name of %: give --as %, or log in as %',
            session_user, NEW.actor, session_user, NEW.actor USING ERRCODE = 'SD001';
    END IF;
    -- Customers write, and the intake also logs what they ask for: nothing else is done in their names.
    IF NEW.actor <> session_user AND (NEW.actor = 'intake' OR NEW.actor LIKE 'contact %') AND NOT coalesce(
        NEW.event IN ('customer wrote', 'text cut')
        OR (NEW.event IN ('wait ended', 'reopened') AND EXISTS (SELECT FROM ledger
            WHERE ref = NEW.ref AND command_id = NEW.command_id AND event = 'customer wrote'))
        OR (NEW.actor = 'intake' AND NEW.event IN
            ('logged', 'organisation kept', 'contact kept', 'message accounted', 'voicemail transcribed',
             'mail undelivered'))
        OR (NEW.actor = 'intake' AND NEW.event IN ('paged', 'mail planned', 'mail withheld')
            AND EXISTS (SELECT FROM ledger WHERE ref = NEW.ref AND command_id = NEW.command_id AND event = 'logged'))
        OR (NEW.actor = 'intake' AND NEW.event = 'linked' AND EXISTS (SELECT FROM ledger
            WHERE ref IN (NEW.ref, NEW.payload::jsonb ->> 'ref') AND event = 'logged' AND actor = 'intake')), false)
    THEN
        RAISE EXCEPTION 'the login % may not write "%" in the name of %', session_user, NEW.event, NEW.actor
            USING ERRCODE = 'SD001';
    END IF;
    IF NEW.seq > 1 AND NOT EXISTS (SELECT FROM ledger WHERE seq = NEW.seq - 1 AND hash = NEW.previous) THEN
        RAISE EXCEPTION 'event % does not follow the one before it', NEW.seq USING ERRCODE = 'SD001';
    END IF;
    IF NEW.actor = session_user AND NOT supportdesk_is_staff() THEN
        RAISE EXCEPTION 'the login % belongs to nobody on the staff', session_user USING ERRCODE = 'SD001';
    END IF;

    -- What some roles may do only.
    named := NEW.event;
    IF named = 'record undone' THEN
        named := 'undo ' || (NEW.payload::jsonb ->> 'kind');
    END IF;
    needed := CASE named
        WHEN 'person kept' THEN ARRAY['administrator']
        WHEN 'undo person' THEN ARRAY['administrator']
        WHEN 'policy installed' THEN ARRAY['administrator']
        WHEN 'undo policy' THEN ARRAY['administrator']
        WHEN 'rotation kept' THEN ARRAY['supervisor', 'administrator']
        WHEN 'undo rotation' THEN ARRAY['supervisor', 'administrator']
        WHEN 'day changed' THEN ARRAY['supervisor', 'administrator']
        WHEN 'undo day' THEN ARRAY['supervisor', 'administrator']
        WHEN 'time corrected' THEN ARRAY['supervisor', 'administrator']
        WHEN 'policy moved' THEN ARRAY['supervisor', 'administrator']
        WHEN 'release kept' THEN ARRAY['supervisor', 'engineer', 'administrator']
        WHEN 'undo release' THEN ARRAY['supervisor', 'engineer', 'administrator']
        WHEN 'account manager contacted' THEN ARRAY['account_manager', 'supervisor']
        WHEN 'step taken' THEN ARRAY['watcher', 'administrator']
        WHEN 'send attempted' THEN ARRAY['watcher', 'administrator']
        WHEN 'page unsent' THEN ARRAY['watcher', 'administrator']
        WHEN 'mail undelivered' THEN ARRAY['watcher', 'intake', 'administrator']
        WHEN 'message accounted' THEN ARRAY['intake', 'administrator']
        WHEN 'voicemail transcribed' THEN ARRAY['intake', 'administrator']
        WHEN 'call missed' THEN ARRAY['agent', 'engineer', 'supervisor', 'account_manager', 'administrator']
        WHEN 'voicemail heard' THEN ARRAY['agent', 'engineer', 'supervisor', 'account_manager', 'administrator']
        WHEN 'message settled' THEN ARRAY['agent', 'engineer', 'supervisor', 'account_manager', 'administrator']
        WHEN 'references skipped' THEN ARRAY['administrator']
        WHEN 'desk reopened' THEN ARRAY['administrator']
    END;
    IF needed IS NOT NULL AND NOT (SELECT bool_or(supportdesk_is(each)) FROM unnest(needed) each) THEN
        RAISE EXCEPTION 'the login % may not write "%": that needs the role %', session_user, NEW.event,
            array_to_string(needed, ' or ') USING ERRCODE = 'SD001';
    END IF;

    -- What a supervisor may do only, by the state of the ticket before the command.
    IF NEW.event IN ('assigned', 'claimed', 'handed back', 'handed over', 'severity changed')
        AND NOT supportdesk_is('supervisor') AND NOT supportdesk_is('watcher')
    THEN
        SELECT owner, (state::jsonb ->> 'accepted')::boolean AS accepted, policy, response, resolution,
            state::jsonb ->> 'source' AS source INTO ticket FROM tickets WHERE ref = NEW.ref;
        -- An administrator may import the states of another system's tickets, also of those that others own.
        IF ticket.source IS NOT NULL AND supportdesk_is('administrator') THEN
            RETURN NEW;
        END IF;
        IF NEW.event <> 'severity changed' AND ticket.accepted AND ticket.owner IS DISTINCT FROM session_user
            AND NOT EXISTS (SELECT FROM ledger WHERE command_id = NEW.command_id AND ref = NEW.ref
                AND event IN ('severity changed', 'reopened', 'taken back'))
        THEN
            RAISE EXCEPTION '% belongs to %: only a supervisor can take it away', NEW.ref, ticket.owner
                USING ERRCODE = 'SD001';
        END IF;
        IF NEW.event = 'severity changed' THEN
            SELECT (document::jsonb #>> '{thresholds,due_soon}')::integer,
                supportdesk_rank(document::jsonb, NEW.payload::jsonb ->> 'severity')
                    > supportdesk_rank(document::jsonb, NEW.payload::jsonb ->> 'was')
                INTO threshold, lowered FROM policies WHERE key = ticket.policy;
            IF lowered AND (supportdesk_is_past(ticket.response::jsonb, NEW.at, threshold)
                OR supportdesk_is_past(ticket.resolution::jsonb, NEW.at, threshold))
            THEN
                RAISE EXCEPTION '% has used too much of its time: only a supervisor can lower it now', NEW.ref
                    USING ERRCODE = 'SD001';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $guard$
"""

HELPERS = (
    """
CREATE FUNCTION supportdesk_is(wanted text) RETURNS boolean LANGUAGE sql STABLE {path} AS $guard$
    SELECT coalesce((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles
        WHERE rolname = 'supportdesk_' || wanted), false)
$guard$
""",
    """
CREATE FUNCTION supportdesk_is_staff() RETURNS boolean LANGUAGE sql STABLE {path} AS $guard$
    SELECT bool_or(supportdesk_is(each)) FROM unnest(
        ARRAY['agent', 'engineer', 'supervisor', 'account_manager', 'administrator']) each
$guard$
""",
    """
CREATE FUNCTION supportdesk_rank(policy jsonb, severity text) RETURNS bigint LANGUAGE sql IMMUTABLE {path} AS $guard$
    SELECT place FROM jsonb_array_elements(policy -> 'severities') WITH ORDINALITY AS listed(each, place)
        WHERE each ->> 'key' = severity
$guard$
""",
    # A clock as the queue stores it: 3 is what is allowed, 6 what was used when it stopped or began to run, 8 when so
    # much is used that it is due soon, 12 the verdict.
    """
CREATE FUNCTION supportdesk_is_past(clock jsonb, at bigint, threshold integer) RETURNS boolean
LANGUAGE sql IMMUTABLE {path} AS $guard$
    SELECT clock ->> 12 IS NULL AND clock ->> 3 IS NOT NULL AND (
        (clock ->> 6)::bigint * 100 > (clock ->> 3)::bigint * threshold
        OR coalesce((clock ->> 8)::bigint < at, false))
$guard$
""",
)

GUARD_TICKET = """
CREATE FUNCTION supportdesk_guard_ticket() RETURNS trigger LANGUAGE plpgsql {path} AS $guard$
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RETURN NEW;
    END IF;
    -- A ticket changes with an event of the same transaction only; names and due times may follow from a record.
    IF TG_OP = 'UPDATE' AND NEW.version = OLD.version AND NEW.ref = OLD.ref AND NEW.state = OLD.state
        AND NEW.owner IS NOT DISTINCT FROM OLD.owner AND NEW.severity = OLD.severity AND NEW.team = OLD.team
        AND NEW.stage = OLD.stage AND NEW.policy = OLD.policy AND NEW.contact = OLD.contact
        AND NEW.organisation = OLD.organisation AND NEW.summary = OLD.summary
    THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM ledger WHERE ref = NEW.ref AND version = NEW.version
        AND xmin::text::bigint = pg_current_xact_id()::text::bigint % (2::bigint ^ 32)::bigint)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the login % cannot change % without an event', session_user, NEW.ref USING ERRCODE = 'SD001';
END $guard$
"""

GUARD_HEAD = """
CREATE FUNCTION supportdesk_guard_head() RETURNS trigger LANGUAGE plpgsql {path} AS $guard$
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') OR (
        NEW.id = 1 AND NEW.seq >= OLD.seq AND NEW.next_ticket >= OLD.next_ticket AND NEW.records_seq >= OLD.records_seq
        AND (NEW.hash = OLD.hash OR EXISTS (SELECT FROM ledger WHERE seq = NEW.seq AND hash = NEW.hash))
        -- A desk that was closed is opened by an event only.
        AND (OLD.records_seq >= 0 OR NEW.records_seq < 0 OR (NEW.seq > OLD.seq
            AND EXISTS (SELECT FROM ledger WHERE seq = NEW.seq AND event = 'desk reopened'))))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the head is not the end of the ledger' USING ERRCODE = 'SD001';
END $guard$
"""

TRIGGERS = tuple(
    f"CREATE TRIGGER {guard} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION {guard}()"
    for guard, change, table in (
        ("supportdesk_guard_head", "UPDATE", "head"),
        ("supportdesk_guard_event", "INSERT", "ledger"),
        ("supportdesk_guard_ticket", "INSERT OR UPDATE", "tickets"),
    )
)


def list_statements(schema: str) -> tuple[str, ...]:
    """Return the statements that make the guards in a schema.

    They read its tables, whatever tables of the same names the caller has elsewhere.
    """
    functions = (*HELPERS, GUARD_EVENT, GUARD_TICKET, GUARD_HEAD)
    return (*(_in_schema(each, schema) for each in functions), *TRIGGERS)


def replace_event_guard(schema: str) -> str:
    """Return the statement that replaces the guard of events in a schema by the one of this version."""
    return _in_schema(GUARD_EVENT, schema).replace("CREATE", "CREATE OR REPLACE", 1)


def _in_schema(function: str, schema: str) -> str:
    return function.replace("{path}", f'SET search_path = "{schema}", pg_temp')
