-- Searching operations and conversations: what a word is looked for in, and the protocols there are without reading all rows.

create function operation_text(protocol text, function text, code text, target text) returns text
  language sql immutable parallel safe
  return lower(protocol || e'\n' || function || e'\n' || code || e'\n' || target);

alter table operation add column words text not null
  generated always as (operation_text(protocol, function, code, target)) stored;
comment on column operation.words is 'what the search box looks through, beside the names of its sides';

create index conversation_protocol on conversation (organization_id, protocol);

drop view endpoint_search;
