// Parts of the demo's pages that repeat: written once here, filled in by the build, so that nothing waits for a script.

export const EMOTIONS = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fear', 'disgust', 'surprise'];

/** A line drawing for each emotion, 24 by 24: with the name and the place a cue besides the colour. */
const GLYPHS = {
  none: '<circle cx="12" cy="12" r="1.2" />',
  neutral: '<path d="M4 12h16" />',
  calm: '<path d="M3 13c3-5 6-5 9 0s6 5 9 0" />',
  happy: '<path d="M4 9c2 8 14 8 16 0" />',
  sad: '<path d="M4 17c2-8 14-8 16 0" />',
  angry: '<path d="M3 8l4.5 8L12 8l4.5 8L21 8" />',
  fear: '<path d="M3 12h2l1.5-3 2 6 2-8 2 10 2-8 2 6 1.5-3h2" />',
  disgust: '<path d="M4 15c3-4 5 2 8-2s5 2 8-5" />',
  surprise: '<circle cx="12" cy="12" r="7" />',
};

/** All of them, to be used by their names. */
export function glyphs() {
  const symbols = Object.entries(GLYPHS).map(
    ([name, lines]) => `<symbol id="g-${name}" viewBox="0 0 24 24">${lines}</symbol>`,
  );
  return `<svg class="glyphs" aria-hidden="true">${symbols.join('')}</svg>`;
}

/**
 * The eight bars.
 * @param {string} id
 * @param {string} label for a screen reader
 */
export function bars(id, label) {
  const rows = EMOTIONS.map(
    (name) =>
      `<li data-emotion="${name}"><svg class="glyph" aria-hidden="true"><use href="#g-${name}"></use></svg>` +
      `<b>${name}</b><i></i><span class="number">–</span></li>`,
  );
  return `<ol class="bars" id="${id}" aria-label="${label}">${rows.join('')}</ol>`;
}

/**
 * A button for each sample.
 * @param {{ file: string, title: string }[]} samples
 */
export function sampleButtons(samples) {
  return samples
    .map(
      ({ file, title }) =>
        `<li><button type="button" class="chip" data-sample="${file}">${title}</button></li>`,
    )
    .join('');
}
