-- A file of schema 1, as the version that wrote such files has left it (sqlite3's .dump).
BEGIN TRANSACTION;
CREATE TABLE conversations (
            ordinal INTEGER PRIMARY KEY, conversation TEXT NOT NULL UNIQUE, model TEXT NOT NULL,
            input_tokens INTEGER NOT NULL, turns INTEGER NOT NULL, dieted INTEGER NOT NULL
        );
INSERT INTO "conversations" VALUES(1,'c1','work/claude-x',1200,2,1);
INSERT INTO "conversations" VALUES(2,'c2','home/claude-y',7,1,0);
CREATE TABLE turns (
            ordinal INTEGER PRIMARY KEY, turn TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
            endpoint TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL,
            status INTEGER NOT NULL, stop_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
            cache_creation_tokens INTEGER NOT NULL, estimated INTEGER NOT NULL,
            first_byte_seconds REAL NOT NULL, total_seconds REAL NOT NULL, tool_uses TEXT NOT NULL
        );
INSERT INTO "turns" VALUES(1,'req_1','c1','work','claude-x','answered',200,'tool_use',3,40,90,5,0,0.5,2.5,'["toolu_1", "toolu_2"]');
INSERT INTO "turns" VALUES(2,'req_2','c2','home','claude-y','cancelled',200,'',7,2,0,0,1,-1.0,4.25,'[]');
INSERT INTO "turns" VALUES(3,'req_3','c1','','claude-z','refused',403,'',0,0,0,0,0,-1.0,0.01,'[]');
COMMIT;
PRAGMA user_version = 1;
