-- Why: what is kept in memory of posts, people and readers is right as long as its stamp is the row's (docs/decisions/0014).
-- Triggers raise stamps, so that no statement can forget to; no id is ever used again.
-- The same on the other engine: 0062_stamps.postgres.sql.
-- +goose Up
ALTER TABLE statuses ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;

-- A row's own changes. A statement that raises the stamp itself saves the second writing of the row.
-- +goose StatementBegin
CREATE TRIGGER statuses_stamp AFTER UPDATE ON statuses WHEN NEW.stamp = OLD.stamp BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_stamp AFTER UPDATE ON accounts WHEN NEW.stamp = OLD.stamp BEGIN
    UPDATE accounts SET stamp = stamp + 1 WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- A post that is deleted is counted among the quotes of another no longer.
-- +goose StatementBegin
CREATE TRIGGER statuses_stamp_quoted AFTER UPDATE OF deleted_at ON statuses BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (SELECT q.quoted_id FROM quotes q WHERE q.status_id = NEW.id);
END;
-- +goose StatementEnd

-- What belongs to posts.
-- +goose StatementBegin
CREATE TRIGGER status_mentions_stamp_insert AFTER INSERT ON status_mentions BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_mentions_stamp_update AFTER UPDATE ON status_mentions BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_mentions_stamp_delete AFTER DELETE ON status_mentions BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_tags_stamp_insert AFTER INSERT ON status_tags BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_tags_stamp_update AFTER UPDATE ON status_tags BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_tags_stamp_delete AFTER DELETE ON status_tags BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attachments_stamp_insert AFTER INSERT ON attachments BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attachments_stamp_update AFTER UPDATE ON attachments BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attachments_stamp_delete AFTER DELETE ON attachments BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER polls_stamp_insert AFTER INSERT ON polls BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER polls_stamp_update AFTER UPDATE ON polls BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER polls_stamp_delete AFTER DELETE ON polls BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_options_stamp_insert AFTER INSERT ON poll_options BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_options_stamp_update AFTER UPDATE ON poll_options BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_options_stamp_delete AFTER DELETE ON poll_options BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_cards_stamp_insert AFTER INSERT ON status_cards BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = NEW.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_cards_stamp_update AFTER UPDATE ON status_cards BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER status_cards_stamp_delete AFTER DELETE ON status_cards BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id = OLD.status_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quotes_stamp_insert AFTER INSERT ON quotes BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (NEW.status_id, NEW.quoted_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quotes_stamp_update AFTER UPDATE ON quotes BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, OLD.quoted_id, NEW.status_id, NEW.quoted_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quotes_stamp_delete AFTER DELETE ON quotes BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (OLD.status_id, OLD.quoted_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER cards_stamp_update AFTER UPDATE ON cards BEGIN
    UPDATE statuses SET stamp = stamp + 1 WHERE id IN (SELECT x.status_id FROM status_cards x WHERE x.card_id = NEW.id);
END;
-- +goose StatementEnd

-- What people here did, and how they stand to others.
-- +goose StatementBegin
CREATE TRIGGER favourites_stamp_insert AFTER INSERT ON favourites BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER favourites_stamp_update AFTER UPDATE ON favourites BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER favourites_stamp_delete AFTER DELETE ON favourites BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bookmarks_stamp_insert AFTER INSERT ON bookmarks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bookmarks_stamp_update AFTER UPDATE ON bookmarks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bookmarks_stamp_delete AFTER DELETE ON bookmarks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pins_stamp_insert AFTER INSERT ON pins BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pins_stamp_update AFTER UPDATE ON pins BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pins_stamp_delete AFTER DELETE ON pins BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_votes_stamp_insert AFTER INSERT ON poll_votes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_votes_stamp_update AFTER UPDATE ON poll_votes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_votes_stamp_delete AFTER DELETE ON poll_votes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mutes_stamp_insert AFTER INSERT ON mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mutes_stamp_update AFTER UPDATE ON mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mutes_stamp_delete AFTER DELETE ON mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_domain_blocks_stamp_insert AFTER INSERT ON user_domain_blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_domain_blocks_stamp_update AFTER UPDATE ON user_domain_blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_domain_blocks_stamp_delete AFTER DELETE ON user_domain_blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER endorsements_stamp_insert AFTER INSERT ON endorsements BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER endorsements_stamp_update AFTER UPDATE ON endorsements BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER endorsements_stamp_delete AFTER DELETE ON endorsements BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_notes_stamp_insert AFTER INSERT ON account_notes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_notes_stamp_update AFTER UPDATE ON account_notes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_notes_stamp_delete AFTER DELETE ON account_notes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversation_mutes_stamp_insert AFTER INSERT ON conversation_mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversation_mutes_stamp_update AFTER UPDATE ON conversation_mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversation_mutes_stamp_delete AFTER DELETE ON conversation_mutes BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filters_stamp_insert AFTER INSERT ON filters BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filters_stamp_update AFTER UPDATE ON filters BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filters_stamp_delete AFTER DELETE ON filters BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER follows_stamp_insert AFTER INSERT ON follows BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (NEW.account_id, NEW.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER follows_stamp_update AFTER UPDATE ON follows BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, OLD.target_id, NEW.account_id, NEW.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER follows_stamp_delete AFTER DELETE ON follows BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, OLD.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER blocks_stamp_insert AFTER INSERT ON blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (NEW.account_id, NEW.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER blocks_stamp_update AFTER UPDATE ON blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, OLD.target_id, NEW.account_id, NEW.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER blocks_stamp_delete AFTER DELETE ON blocks BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (OLD.account_id, OLD.target_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_keywords_stamp_insert AFTER INSERT ON filter_keywords BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id = NEW.filter_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_keywords_stamp_update AFTER UPDATE ON filter_keywords BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id IN (OLD.filter_id, NEW.filter_id));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_keywords_stamp_delete AFTER DELETE ON filter_keywords BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id = OLD.filter_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_statuses_stamp_insert AFTER INSERT ON filter_statuses BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id = NEW.filter_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_statuses_stamp_update AFTER UPDATE ON filter_statuses BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id IN (OLD.filter_id, NEW.filter_id));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER filter_statuses_stamp_delete AFTER DELETE ON filter_statuses BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT f.account_id FROM filters f WHERE f.id = OLD.filter_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER boosts_stamp_insert AFTER INSERT ON statuses WHEN NEW.boost_of_id <> 0 BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER boosts_stamp_update AFTER UPDATE OF deleted_at ON statuses WHEN NEW.boost_of_id <> 0 BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER boosts_stamp_delete AFTER DELETE ON statuses WHEN OLD.boost_of_id <> 0 BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id = OLD.account_id;
END;
-- +goose StatementEnd

-- Whether somebody's server is blocked by a person changes with its name.
-- +goose StatementBegin
CREATE TRIGGER accounts_stamp_domain AFTER UPDATE OF domain ON accounts WHEN NEW.domain <> OLD.domain BEGIN
    UPDATE users SET stamp = stamp + 1 WHERE account_id IN (SELECT d.account_id FROM user_domain_blocks d WHERE d.domain IN (OLD.domain, NEW.domain));
END;
-- +goose StatementEnd
