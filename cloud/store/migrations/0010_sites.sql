-- Members of some sites only: besides its organization, what serves people has to say which sites it looks at. A transaction
-- of osect_app that has not said so sees no site's rows at all.

create function sees_every_site() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.sites', true), '') = 'all';

-- app.sites is 'all', or an array of site ids.
create function current_sites() returns bigint[]
  language sql stable parallel safe
  return case when current_setting('app.sites', true) like '{%' then current_setting('app.sites', true)::bigint[]
    else '{}'::bigint[] end;

-- The subqueries are worked out once a statement, not once a row.
do $$
declare
  tenant text;
begin
  foreach tenant in array array['sensor', 'device', 'endpoint', 'inventory_work', 'conversation', 'operation', 'fact', 'event',
                                'traffic_minute', 'traffic_hour', 'traffic_day', 'traffic_protocol_hour',
                                'operation_hour'] loop
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or site_id = any ((select current_sites())::bigint[]))',
                   tenant || '_site', tenant);
  end loop;
  -- What belongs to a sensor is seen by who sees the sensor.
  foreach tenant in array array['enrolment_code', 'sensor_stream', 'sensor_fold', 'sensor_dictionary', 'ingest_quarantine',
                                'sensor_health', 'port_counter', 'gap'] loop
    execute format('create policy %I on %I as restrictive to osect_app '
                   'using ((select sees_every_site()) or exists (select from sensor s '
                   'where s.organization_id = %I.organization_id and s.id = %I.sensor_id))',
                   tenant || '_site', tenant, tenant, tenant);
  end loop;
end $$;

create policy site_site on site as restrictive to osect_app
  using ((select sees_every_site()) or id = any ((select current_sites())::bigint[]));
-- Everybody's actions are written down; what all did is for who may see all.
create policy audit_entry_site on audit_entry as restrictive for select to osect_app using ((select sees_every_site()));
