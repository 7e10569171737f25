// What went wrong with a request, as the API's problem documents (RFC 9457) or the network say it.

/** A field the API refused, as the problem document names it. */
export interface WrongField {
  field: string;
  detail: string;
}

/** A problem document; `type` is the last word of its path, such as `invalid-field`. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly fields: WrongField[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, type: string, title: string, fields: WrongField[] = [], retryAfterSeconds?: number) {
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.type = type;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The cloud did not answer at all. */
export function offline(): Problem {
  return new Problem(0, 'offline', 'The cloud does not answer.');
}

export async function readProblem(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (typeof parsed === 'object' && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    // A proxy in between may answer without a document: the status says enough.
  }
  const text = (key: string) => (typeof body[key] === 'string' ? body[key] : undefined);
  const fields = (Array.isArray(body['errors']) ? (body['errors'] as Partial<WrongField>[]) : []).map((one) => ({
    field: String(one.field ?? ''),
    detail: String(one.detail ?? ''),
  }));
  const retry = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    text('type')?.split('/').pop() ?? 'unknown',
    text('detail') ?? text('title') ?? `HTTP ${String(response.status)}`,
    fields,
    retry > 0 ? retry : undefined,
  );
}
