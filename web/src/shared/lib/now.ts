// A clock that components can follow: one timer for each step, whoever follows it.
import { useSyncExternalStore } from 'react';

interface Clock {
  now: Date;
  subscribe: (listener: () => void) => () => void;
}

const clocks = new Map<number, Clock>();

function clockOf(step: number): Clock {
  const known = clocks.get(step);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const clock: Clock = {
    now: new Date(),
    subscribe: (listener) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        clock.now = new Date();
        for (const one of listeners) one();
      }, step);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
  clocks.set(step, clock);
  return clock;
}

/** The time, renewed every `step` milliseconds. */
export function useNow(step: number): Date {
  const clock = clockOf(step);
  return useSyncExternalStore(clock.subscribe, () => clock.now);
}
