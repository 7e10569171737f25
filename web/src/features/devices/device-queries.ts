// What is read about one device.
import { queryOptions } from '@tanstack/react-query';

import { api } from '@/shared/lib/api';

const root = '/api/v1/organizations/{organization}/devices/{device}';

interface Range {
  from: string;
  to: string;
}

export const deviceQuery = (organization: string, device: string) =>
  queryOptions({
    queryKey: ['device', organization, device],
    queryFn: ({ signal }) => api.get(root, { path: { organization, device }, signal }),
  });

export const factsQuery = (organization: string, device: string) =>
  queryOptions({
    queryKey: ['device', organization, device, 'facts'],
    queryFn: ({ signal }) => api.get(`${root}/facts`, { path: { organization, device }, signal }),
  });

export const peersQuery = (organization: string, device: string, range: Range) =>
  queryOptions({
    queryKey: ['device', organization, device, 'peers', range],
    queryFn: ({ signal }) => api.get(`${root}/peers`, { path: { organization, device }, query: range, signal }),
  });

export const operationsQuery = (organization: string, device: string, range: Range) =>
  queryOptions({
    queryKey: ['device', organization, device, 'operations', range],
    queryFn: ({ signal }) => api.get(`${root}/operations`, { path: { organization, device }, query: range, signal }),
  });

export const trafficQuery = (organization: string, device: string, range: Range) =>
  queryOptions({
    queryKey: ['device', organization, device, 'traffic', range],
    queryFn: ({ signal }) => api.get(`${root}/traffic`, { path: { organization, device }, query: range, signal }),
  });
