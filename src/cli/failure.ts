// Why a command ends without having done what it was asked for.

/** How a failure is meant; `output.ts` maps it to an exit code. */
export type FailureKind =
  | "failed"
  | "usage"
  | "invalid"
  | "missing"
  | "conflict"
  | "denied"
  | "unreachable"
  | "interrupted";

export interface FailureFacts {
  /** One sentence: what to do about it. */
  hint?: string | undefined;
  /** The code of the error document; the kind when it is left out. */
  code?: string | undefined;
  field?: string | undefined;
  /** The id under which the daemon logged a bug. */
  id?: string | undefined;
}

/** Everything that the command line refuses or fails at on purpose. The message is one sentence without a full stop. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly facts: FailureFacts;

  constructor(kind: FailureKind, message: string, facts: FailureFacts = {}) {
    super(message);
    this.name = "Failure";
    this.kind = kind;
    this.facts = facts;
  }
}
