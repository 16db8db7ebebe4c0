let made: Intl.Segmenter | undefined;

/** Cuts text into characters as people see them. The first segmenter of a process takes tens of milliseconds to make. */
export const segmenter: Pick<Intl.Segmenter, 'segment'> = {
  segment: (text) => (made ??= new Intl.Segmenter()).segment(text),
};
