-- +goose Up

-- What came of a message of a code host: '' while it waits, 'published',
-- 'unchanged', 'refused' or 'failed'.
ALTER TABLE catalog_delivery ADD COLUMN outcome TEXT NOT NULL DEFAULT '';

-- The release that has the pages; 0 if there is none.
ALTER TABLE catalog_delivery ADD COLUMN release BIGINT NOT NULL DEFAULT 0;

-- How many errors stood against it.
ALTER TABLE catalog_delivery ADD COLUMN blocking BIGINT NOT NULL DEFAULT 0;
