/** Lets one stream flow while nobody has a reason against it. */
export class Gate {
  readonly #reasons = new Set<string>();
  readonly #onOpen: () => void;
  readonly #onClosed: () => void;

  constructor(onOpen: () => void, onClosed: () => void = () => {}) {
    this.#onOpen = onOpen;
    this.#onClosed = onClosed;
  }

  get isOpen(): boolean {
    return this.#reasons.size === 0;
  }

  close(reason: string): void {
    const wasOpen = this.isOpen;
    this.#reasons.add(reason);
    if (wasOpen) this.#onClosed();
  }

  open(reason: string): void {
    if (this.#reasons.delete(reason) && this.isOpen) this.#onOpen();
  }
}
