// Server-sent events: what has changed in the cloud is read again, so that a new device appears by itself.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import type { Schemas } from '@/shared/lib/api';
import { useOrganizationId } from '@/shared/lib/session';

type Kind = Schemas['Change']['kind'];

/** First words of the query keys that show what a kind of change is about. */
const affected: Record<Kind, string[]> = {
  device: ['devices', 'device', 'home', 'sites', 'network'],
  fact: ['device', 'devices'],
  conversation: ['network', 'device', 'conversations'],
  operation: ['device', 'network', 'operations'],
  event: ['device', 'home'],
  traffic: ['traffic', 'home'],
  sensor: ['sensors', 'sensor', 'sites', 'home'],
  site: ['sites', 'home'],
  alert: ['alerts', 'alert', 'incidents', 'incident', 'planned-work', 'home', 'sites', 'devices', 'device', 'learning', 'baseline'],
  weakness: ['weaknesses'],
  ledger: ['ledger'],
  report: ['reports'],
};

/** Changes come in bursts; what is on screen is read again at most this often. */
const quietMs = 1500;

export function useLiveUpdates(): void {
  const client = useQueryClient();
  const organization = useOrganizationId();

  useEffect(() => {
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (keys: string[]) => {
      for (const one of keys) waiting.add(one);
      timer ??= setTimeout(() => {
        timer = undefined;
        const now = new Set(waiting);
        waiting.clear();
        void client.invalidateQueries({ predicate: (query) => now.has(String(query.queryKey[0])) });
      }, quietMs);
    };
    const everything = [...new Set(Object.values(affected).flat())];

    const source = new EventSource(`/api/v1/organizations/${organization}/events`);
    let wasLost = false;
    source.addEventListener('change', (event) => {
      const { kind } = JSON.parse(String(event.data)) as Schemas['Change'];
      refresh(affected[kind]);
    });
    source.addEventListener('lost', () => {
      refresh(everything);
    });
    source.addEventListener('error', () => {
      wasLost = true;
    });
    source.addEventListener('open', () => {
      // There is no history: what happened while the connection was down is read again.
      if (wasLost) refresh(everything);
      wasLost = false;
    });
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client, organization]);
}
