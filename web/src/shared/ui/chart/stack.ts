// Arithmetic of a stacked time chart. A bucket without data stays without: it is not a zero.

/** Bytes in a bucket to bits a second. */
export function rates(bytes: (number | null)[], stepSeconds: number): (number | null)[] {
  return bytes.map((one) => (one === null ? null : (one * 8) / stepSeconds));
}

/** Each line plus all lines below it; where a line has no data, so has its stacked one. */
export function stack(lines: (number | null)[][]): (number | null)[][] {
  const below: number[] = [];
  return lines.map((line) =>
    line.map((value, index) => {
      if (value === null) return null;
      const sum = (below[index] ?? 0) + value;
      below[index] = sum;
      return sum;
    }),
  );
}

/** Where buckets begin and end: each is drawn with its whole width, also the last one and one that stands alone between gaps. */
export function edges(times: string[], stepSeconds: number): number[] {
  return times.flatMap((time) => [Date.parse(time) / 1000, Date.parse(time) / 1000 + stepSeconds]);
}

/** A bucket's value at both of its edges. */
export function levels(values: (number | null)[]): (number | null)[] {
  return values.flatMap((value) => [value, value]);
}
