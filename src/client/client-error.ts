// What a request to the daemon ends with when it does not succeed.

export interface ClientErrorFacts {
  /** HTTP status; 0 when there was no answer. */
  status?: number;
  hint?: string | undefined;
  field?: string | undefined;
  /** The id under which the daemon logged a bug. */
  id?: string | undefined;
  /** True when nobody listens: there is no daemon at all. */
  absent?: boolean;
  cause?: unknown;
}

/** The daemon's error document, or `daemon-gone` when there was no answer. */
export class ClientError extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  readonly field: string | undefined;
  readonly id: string | undefined;
  readonly absent: boolean;

  constructor(code: string, message: string, facts: ClientErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "ClientError";
    this.code = code;
    this.status = facts.status ?? 0;
    this.hint = facts.hint;
    this.field = facts.field;
    this.id = facts.id;
    this.absent = facts.absent ?? false;
  }
}
