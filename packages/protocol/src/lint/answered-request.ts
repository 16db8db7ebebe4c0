import type { Asked, SeenAnswer } from './check.ts';

/** The request that an answer is about, also where its id has the wrong JSON type: that is another rule's concern. */
export function answeredRequest({ asked, flipped }: SeenAnswer): Asked | undefined {
  return asked ?? flipped;
}
