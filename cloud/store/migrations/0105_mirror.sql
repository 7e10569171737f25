-- What the mirror doctor of a sensor's ports says, newest first: every list of sensors shows it.
create index event_mirror on event (organization_id, sensor_id, (detail ->> 'port'), last_seen desc, id desc) where kind = 'mirror';
