-- Why: what is kept in memory of posts, people and readers is right as long as its stamp is the row's (docs/decisions/0014).
-- Triggers raise stamps, so that no statement can forget to; no id is ever used again.
-- The same on the other engine: 0062_stamps.sqlite.sql.
-- +goose Up
ALTER TABLE statuses ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;

-- A row's own changes.
-- +goose StatementBegin
CREATE FUNCTION raise_stamp() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.stamp := OLD.stamp + 1;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER statuses_stamp BEFORE UPDATE ON statuses FOR EACH ROW EXECUTE FUNCTION raise_stamp();
CREATE TRIGGER accounts_stamp BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION raise_stamp();

-- A post that is deleted is counted among the quotes of another no longer.
-- +goose StatementBegin
CREATE FUNCTION raise_quoted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (SELECT q.quoted_id FROM quotes q WHERE q.status_id = NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER statuses_stamp_quoted AFTER UPDATE OF deleted_at ON statuses FOR EACH ROW EXECUTE FUNCTION raise_quoted();

-- What belongs to posts, and what people here did and how they stand to others: for each table one function for statements
-- that insert, one for those that delete, one for those that change rows. %s stands for the ids that the rows name.
-- +goose StatementBegin
DO $do$
DECLARE
    x RECORD;
    ids TEXT;
    verb TEXT;
    body TEXT;
BEGIN
    FOR x IN
        SELECT unnest(ARRAY['status_mentions', 'status_tags', 'attachments', 'polls', 'poll_options', 'status_cards']) AS tab,
            'UPDATE statuses SET stamp = stamp + 1 WHERE id IN (%s);' AS stmt, 'SELECT status_id FROM ' AS one, NULL AS other
        UNION ALL
        SELECT 'quotes', 'UPDATE statuses SET stamp = stamp + 1 WHERE id IN (%s);', 'SELECT status_id FROM ', 'SELECT quoted_id FROM '
        UNION ALL
        SELECT 'cards', 'UPDATE statuses SET stamp = stamp + 1 WHERE id IN (SELECT status_id FROM status_cards WHERE card_id IN (%s));',
            'SELECT id FROM ', NULL
        UNION ALL
        SELECT unnest(ARRAY['favourites', 'bookmarks', 'pins', 'poll_votes', 'mutes', 'user_domain_blocks', 'endorsements', 'account_notes',
                'conversation_mutes', 'filters']),
            'UPDATE users SET stamp = stamp + 1 WHERE account_id IN (%s);', 'SELECT account_id FROM ', NULL
        UNION ALL
        SELECT unnest(ARRAY['follows', 'blocks']), 'UPDATE users SET stamp = stamp + 1 WHERE account_id IN (%s);',
            'SELECT account_id FROM ', 'SELECT target_id FROM '
        UNION ALL
        SELECT unnest(ARRAY['filter_keywords', 'filter_statuses']),
            'UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT account_id FROM filters WHERE id IN (%s));',
            'SELECT filter_id FROM ', NULL
    LOOP
        FOREACH verb IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
            ids := concat_ws(' UNION ', x.one || CASE verb WHEN 'delete' THEN 'was' ELSE 'now' END, x.other || CASE verb WHEN 'delete' THEN 'was' ELSE 'now' END);
            IF verb = 'update' THEN
                ids := concat_ws(' UNION ', ids, x.one || 'was', x.other || 'was');
            END IF;
            body := format(x.stmt, ids);
            EXECUTE format('CREATE FUNCTION %I() RETURNS TRIGGER LANGUAGE plpgsql AS %L', x.tab || '_stamp_' || verb, 'BEGIN ' || body || ' RETURN NULL; END');
            EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
                x.tab || '_stamp_' || verb, verb, x.tab,
                CASE verb WHEN 'insert' THEN 'NEW TABLE AS now' WHEN 'delete' THEN 'OLD TABLE AS was' ELSE 'OLD TABLE AS was NEW TABLE AS now' END,
                x.tab || '_stamp_' || verb);
        END LOOP;
    END LOOP;
END $do$;
-- +goose StatementEnd

-- A boost is what somebody did, too.
-- +goose StatementBegin
CREATE FUNCTION raise_booster() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = COALESCE(NEW.account_id, OLD.account_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER boosts_stamp_insert AFTER INSERT ON statuses FOR EACH ROW WHEN (NEW.boost_of_id <> 0) EXECUTE FUNCTION raise_booster();
CREATE TRIGGER boosts_stamp_update AFTER UPDATE OF deleted_at ON statuses FOR EACH ROW WHEN (NEW.boost_of_id <> 0) EXECUTE FUNCTION raise_booster();
CREATE TRIGGER boosts_stamp_delete AFTER DELETE ON statuses FOR EACH ROW WHEN (OLD.boost_of_id <> 0) EXECUTE FUNCTION raise_booster();

-- Whether somebody's server is blocked by a person changes with its name.
-- +goose StatementBegin
CREATE FUNCTION raise_domain_blockers() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT d.account_id FROM user_domain_blocks d WHERE d.domain IN (OLD.domain, NEW.domain));
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_stamp_domain AFTER UPDATE OF domain ON accounts FOR EACH ROW WHEN (NEW.domain <> OLD.domain) EXECUTE FUNCTION raise_domain_blockers();
