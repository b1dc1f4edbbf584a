// A mode's no to a user.

/**
 * The user's mistake, in words for the user: what was wrong and what would be right. `kind` is invalid, unsupported,
 * conflict, exhausted, denied or internal; `code` is short and stable, for tests and scripts; `at` is the key of the
 * option to change.
 */
export class Refusal extends Error {
  constructor(kind, code, message, at = null) {
    super(message);
    Object.assign(this, { kind, code, at });
  }

  toWit() {
    const { kind, code, message, at } = this;
    return { class: kind, code, message, at };
  }
}
