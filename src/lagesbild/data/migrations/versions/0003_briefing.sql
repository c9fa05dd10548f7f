-- What was chosen and written, not what was made of it: the same choices give the same document from the same data.

CREATE TABLE briefing (
    briefing_id TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    title TEXT NOT NULL,
    query TEXT NOT NULL,
    comments JSONB NOT NULL,
    data_version BIGINT NOT NULL,
    PRIMARY KEY (briefing_id)
);

CREATE INDEX ix_briefing_created_at ON briefing (created_at);
