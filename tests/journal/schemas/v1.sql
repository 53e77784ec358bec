-- A journal of schema 1 with its data, as the version that released it wrote it. Never changed.
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE access(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), actor_kind TEXT NOT NULL, actor_role TEXT NOT NULL,
  actor_id TEXT NOT NULL, what TEXT NOT NULL, whose TEXT NOT NULL, "from" TEXT NOT NULL, why TEXT NOT NULL,
  denied INTEGER NOT NULL) STRICT;
INSERT INTO "access" VALUES(50,1760000004049000,0,5004049000,NULL,'user','psychologist','psychologist','session','0a1b2c3d4e5f60718293a4b5c6d7e8f9','127.0.0.1','team review',0);
INSERT INTO "access" VALUES(51,1760000004050000,0,5004050000,NULL,'user','psychologist','psychologist','sessions','K7F','127.0.0.1','',0);
INSERT INTO "access" VALUES(52,1760000004051000,0,5004051000,NULL,'user','staff','unknown','GET /api/v1/sessions/{id}','','10.0.0.9','',1);
INSERT INTO "access" VALUES(53,1760000004052000,0,5004052000,NULL,'user','psychologist','psychologist','export csv','nosuchsession','127.0.0.1','',0);
CREATE TABLE channel(
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, capability TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL,
  UNIQUE(device, capability)) STRICT;
INSERT INTO "channel" VALUES(1,'belt','hr.bpm','bpm','number');
INSERT INTO "channel" VALUES(2,'ceiling','light.level','1','number');
CREATE TABLE chunk(
  id INTEGER PRIMARY KEY, session INTEGER REFERENCES session(id), device TEXT NOT NULL, stream TEXT NOT NULL,
  boot TEXT NOT NULL, seq INTEGER NOT NULL, seq_end INTEGER NOT NULL,
  t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL, mono_end_us INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, frames INTEGER NOT NULL, samples INTEGER NOT NULL,
  from_t_us INTEGER NOT NULL, to_t_us INTEGER NOT NULL, codec INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
INSERT INTO "chunk" VALUES(1,1,'belt','heart','9f2c',5,26,1760000000254000,0,5000254000,5002025000,100,107,8,16,100000000,107000000,1,X'0128B52FFD24470D020074030801010100041001021000E00C0302010802010201C8C50000000802010201007FC2D72FBD9A2F080101010002010157020801010100040200761538716E0952449057');
INSERT INTO "chunk" VALUES(2,1,'swing','motion','9f2c',6,27,1760000000255000,0,5000255000,5002026000,7,14,8,80,1400000,2890000,1,X'0128B52FFD64A40154030072C6101AB0278D010CC3604B215155C250295248C3424D125B3179D094526D6D9F5F592084E47955659B67E5AE1746698470240938489D8441754E9D8343F14816EE0310B44F0E20104266D90151006A0030077290139819C08F13C2EB7DB89DE3CFE165C00F06601067950200B40200FF50010101000003D402FB0200020102020102000002010200020002000002010400010000FF500080000F000B50CCC6D1219389C61B5032E83260C9026C80C62B1C566497886EE430F00C3191C0401C2BE34B');
CREATE TABLE command(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), channel INTEGER NOT NULL REFERENCES channel(id),
  value REAL, text TEXT, transition_ms INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;
INSERT INTO "command" VALUES(28,1760000002027000,0,5002027000,1,2,0.35,NULL,1000,'preset');
INSERT INTO "command" VALUES(45,1760000004044000,0,5004044000,2,2,0.35,NULL,1000,'preset');
CREATE TABLE confirmation(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), command_seq INTEGER NOT NULL, confirmed REAL, measured REAL) STRICT;
INSERT INTO "confirmation" VALUES(29,1760000002028000,0,5002028000,1,28,0.35,NULL);
INSERT INTO "confirmation" VALUES(30,1760000002029000,0,5002029000,1,28,NULL,0.34);
INSERT INTO "confirmation" VALUES(46,1760000004045000,0,5004045000,2,45,0.35,NULL);
INSERT INTO "confirmation" VALUES(47,1760000004046000,0,5004046000,2,45,NULL,0.34);
CREATE TABLE event(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), kind TEXT NOT NULL, data TEXT NOT NULL) STRICT;
INSERT INTO "event" VALUES(1,1760000000000000,0,5000000000,NULL,'start','{"after":"clean"}');
INSERT INTO "event" VALUES(3,1760000000002000,0,5000002000,1,'state','{"from":"idle","to":"running","origin":"http:tablet"}');
INSERT INTO "event" VALUES(32,1760000002031000,0,5002031000,1,'session_change','{"participant":"Q4M"}');
INSERT INTO "event" VALUES(33,1760000002032000,0,5002032000,1,'session_change','{"participant":"K7F"}');
INSERT INTO "event" VALUES(36,1760000002035000,0,5002035000,2,'state','{"from":"idle","to":"running","origin":"http:tablet"}');
CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK(one = 1), clean INTEGER NOT NULL) STRICT;
INSERT INTO "meta" VALUES(1,1);
CREATE TABLE rating(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), whose TEXT NOT NULL, "by" TEXT NOT NULL, "when" TEXT NOT NULL,
  state TEXT NOT NULL, actor TEXT NOT NULL) STRICT;
INSERT INTO "rating" VALUES(31,1760000002030000,0,5002030000,1,'participant','staff','before','alarm','tablet');
INSERT INTO "rating" VALUES(48,1760000004047000,0,5004047000,2,'participant','staff','before','alarm','tablet');
CREATE TABLE reading(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), channel INTEGER NOT NULL REFERENCES channel(id),
  value REAL, text TEXT, quality INTEGER NOT NULL) STRICT;
INSERT INTO "reading" VALUES(4,1760000000253000,0,5000253000,1,1,72.0,NULL,0);
INSERT INTO "reading" VALUES(7,1760000000506000,0,5000506000,1,1,73.0,NULL,0);
INSERT INTO "reading" VALUES(10,1760000000759000,0,5000759000,1,1,74.0,NULL,0);
INSERT INTO "reading" VALUES(13,1760000001012000,0,5001012000,1,1,NULL,NULL,2);
INSERT INTO "reading" VALUES(16,1760000001265000,0,5001265000,1,1,76.0,NULL,0);
INSERT INTO "reading" VALUES(19,1760000001518000,0,5001518000,1,1,77.0,NULL,0);
INSERT INTO "reading" VALUES(22,1760000001771000,0,5001771000,1,1,78.0,NULL,0);
INSERT INTO "reading" VALUES(25,1760000002024000,0,5002024000,1,1,79.0,NULL,0);
INSERT INTO "reading" VALUES(37,1760000002286000,0,5002286000,2,1,72.0,NULL,0);
INSERT INTO "reading" VALUES(38,1760000002537000,0,5002537000,2,1,73.0,NULL,0);
INSERT INTO "reading" VALUES(39,1760000002788000,0,5002788000,2,1,74.0,NULL,0);
INSERT INTO "reading" VALUES(40,1760000003039000,0,5003039000,2,1,NULL,NULL,2);
INSERT INTO "reading" VALUES(41,1760000003290000,0,5003290000,2,1,76.0,NULL,0);
INSERT INTO "reading" VALUES(42,1760000003541000,0,5003541000,2,1,77.0,NULL,0);
INSERT INTO "reading" VALUES(43,1760000003792000,0,5003792000,2,1,78.0,NULL,0);
INSERT INTO "reading" VALUES(44,1760000004043000,0,5004043000,2,1,79.0,NULL,0);
INSERT INTO "reading" VALUES(55,1760000004054000,0,5004054000,3,1,99.0,NULL,0);
CREATE TABLE session(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  participant TEXT NOT NULL, preset TEXT NOT NULL, preset_version INTEGER NOT NULL, recording INTEGER NOT NULL,
  settings_hash TEXT NOT NULL, software TEXT NOT NULL, formula_version TEXT NOT NULL,
  end_seq INTEGER, end_t_us INTEGER, end_offset_min INTEGER, end_mono_us INTEGER, end_reason TEXT) STRICT;
INSERT INTO "session" VALUES(1,'0a1b2c3d4e5f60718293a4b5c6d7e8f9',2,1760000000001000,0,5000001000,'K7F','regulate-down',1,1,'5e7713','0.4.0','1',34,1760000002033000,0,5002033000,'ended');
INSERT INTO "session" VALUES(2,'aabbccddeeff00112233445566778899',35,1760000002034000,0,5002034000,'','regulate-down',1,0,'5e7713','0.4.0','1',49,1760000004048000,0,5004048000,'ended');
INSERT INTO "session" VALUES(3,'ffeeddccbbaa99887766554433221100',54,1760000004053000,0,5004053000,'Q4M','regulate-up',1,1,'5e7713','0.4.0','1',NULL,NULL,NULL,NULL,NULL);
CREATE INDEX session_participant ON session(participant);
CREATE INDEX reading_session ON reading(session, channel);
CREATE INDEX chunk_session ON chunk(session);
CREATE INDEX chunk_seq_end ON chunk(seq_end);
CREATE INDEX command_session ON command(session);
CREATE INDEX confirmation_command ON confirmation(command_seq);
CREATE INDEX event_session ON event(session);
CREATE INDEX rating_session ON rating(session);
CREATE VIEW v_session AS SELECT s.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', s.t_us/1000000 + s.offset_min*60, 'unixepoch') || printf('.%03d', s.t_us/1000%1000) || CASE WHEN s.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(s.offset_min)/60, abs(s.offset_min)%60) AS t, s.mono_us/1e6 AS mono_s, s.name AS id, s.participant AS participant, s.preset AS preset, s.preset_version AS preset_version, strftime('%Y-%m-%dT%H:%M:%S', s.t_us/1000000 + s.offset_min*60, 'unixepoch') || printf('.%03d', s.t_us/1000%1000) || CASE WHEN s.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(s.offset_min)/60, abs(s.offset_min)%60) AS start, strftime('%Y-%m-%dT%H:%M:%S', s.end_t_us/1000000 + s.end_offset_min*60, 'unixepoch') || printf('.%03d', s.end_t_us/1000%1000) || CASE WHEN s.end_offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(s.end_offset_min)/60, abs(s.end_offset_min)%60) AS "end", s.end_reason AS end_reason, s.end_seq AS end_seq, s.end_mono_us/1e6 AS end_mono_s, s.recording AS recording, s.settings_hash AS settings_hash, s.software AS software, s.formula_version AS formula_version, (SELECT count(*) FROM reading r WHERE r.session = s.id) + (SELECT coalesce(sum(frames), 0) FROM chunk c WHERE c.session = s.id) AS n_readings FROM session s;
CREATE VIEW v_reading AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, c.device AS device, c.capability AS channel, CASE WHEN c.kind IN ('text', 'choice') THEN x.text ELSE x.value END AS value, c.unit AS unit, CASE x.quality WHEN 0 THEN 'good' WHEN 1 THEN 'doubtful' ELSE 'unknown' END AS quality, CASE WHEN c.kind IN ('text', 'choice') THEN NULL ELSE x.text END AS note FROM reading x JOIN channel c ON c.id = x.channel LEFT JOIN session s ON s.id = x.session;
CREATE VIEW v_command AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, c.device AS device, c.capability AS channel, c.unit AS unit, CASE WHEN c.kind IN ('text', 'choice') THEN x.text ELSE x.value END AS commanded, (SELECT confirmed FROM confirmation f WHERE f.command_seq = x.seq AND f.confirmed IS NOT NULL ORDER BY f.seq DESC LIMIT 1) AS confirmed, (SELECT measured FROM confirmation f WHERE f.command_seq = x.seq AND f.measured IS NOT NULL ORDER BY f.seq DESC LIMIT 1) AS measured, x.transition_ms AS transition_ms, x.origin AS origin FROM command x JOIN channel c ON c.id = x.channel LEFT JOIN session s ON s.id = x.session;
CREATE VIEW v_event AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, x.kind AS kind, x.data AS data FROM event x LEFT JOIN session s ON s.id = x.session;
CREATE VIEW v_rating AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, x.whose AS whose, x."by" AS "by", x."when" AS "when", x.state AS state, x.actor AS actor FROM rating x LEFT JOIN session s ON s.id = x.session;
CREATE VIEW v_access AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, x.actor_kind AS actor_kind, x.actor_role AS actor_role, x.actor_id AS actor_id, x.what AS what, x.whose AS whose, x."from" AS "from", x.why AS why, x.denied AS denied FROM access x LEFT JOIN session s ON s.id = x.session;
CREATE VIEW v_chunk AS SELECT x.seq AS seq, strftime('%Y-%m-%dT%H:%M:%S', x.t_us/1000000 + x.offset_min*60, 'unixepoch') || printf('.%03d', x.t_us/1000%1000) || CASE WHEN x.offset_min < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(x.offset_min)/60, abs(x.offset_min)%60) AS t, x.mono_us/1e6 AS mono_s, s.name AS session, x.device AS device, x.stream AS stream, x.boot AS boot, x.first_seq AS first_seq, x.last_seq AS last_seq, x.frames AS frames, x.samples AS samples, x.from_t_us AS from_t_us, x.to_t_us AS to_t_us, x.mono_end_us/1e6 AS mono_end_s, x.codec AS codec, x.data AS data FROM chunk x LEFT JOIN session s ON s.id = x.session;
COMMIT;
PRAGMA application_id=1383691373;
PRAGMA user_version=1;
