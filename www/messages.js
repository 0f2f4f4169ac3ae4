/** Errors as a person meets them: what happened and what to do. */

const FILE = 'or choose a file instead';

/** By the package's error codes, the worker's, and the names of the browser's own errors. */
const SENTENCES = /** @type {Record<string, string>} */ ({
  NotAllowedError: `The microphone is blocked for this page. Allow it in the site settings, beside the page’s address, and press Speak again, ${FILE}.`,
  SecurityError: `Browsers give the microphone only to pages served over https or from localhost. Open this page that way, ${FILE}.`,
  NotFoundError: `No microphone was found. Connect one and press Speak again, ${FILE}.`,
  NotReadableError: `The microphone or file could not be opened; another program may hold it. Close that program and try again.`,
  AbortError: `The microphone stopped before it gave anything. Check that it is connected and press Speak again, ${FILE}.`,
  EncodingError: `This browser cannot decode that file. Choose another one: WAV, MP3, FLAC and Ogg work in most browsers.`,
  QuotaExceededError: `That file is larger than 100 MB. Cut out the part that you want to hear about and choose that.`,
  'no-file': `What was dropped is not a file. Drop an audio file from your computer, ${FILE}.`,
  'too-short': `That was too short: the network needs at least a quarter of a second. Speak a whole sentence.`,
  'empty-audio': `There was no sound in that at all. Check that the microphone is on and try again, ${FILE}.`,
  'non-finite-sample': `That file holds samples that are not numbers. Save it again from an audio editor and choose the copy.`,
  'no-simd': `This browser lacks WebAssembly SIMD, which the network needs. Update it: Chrome 91, Firefox 89 and Safari 16.4 have it.`,
  'load-failed': `The model could not be loaded. Check your connection and reload this page.`,
  'worker-failed': `The analysis stopped unexpectedly. Reload this page and try again.`,
});

/**
 * @param {unknown} error
 * @returns {string} a sentence or two, never empty
 */
export function sentenceFor(error) {
  const { code, name, message } = /** @type {{ code?: unknown, name?: string, message?: string }} */ (
    error ?? {}
  );
  // A DOMException's own `code` is a number from long ago: its name is what tells.
  const known = SENTENCES[typeof code === 'string' ? code : (name ?? '')];
  return known ?? `That did not work (${message || String(error)}). Reload this page and try again.`;
}

/**
 * @param {string} name the device's
 * @param {number} sampleRate Hz
 * @param {MediaTrackSettings} settings as the track reports them
 * @returns {string} what the microphone really gave
 */
export function describeMicrophone(name, sampleRate, settings) {
  const { echoCancellation, noiseSuppression, autoGainControl } = settings;
  const switches = /** @type {[string, boolean | undefined][]} */ ([
    ['echo cancellation', echoCancellation],
    ['noise suppression', noiseSuppression],
    ['gain control', autoGainControl],
  ]);
  const groups = /** @type {[string, boolean | undefined][]} */ ([
    ['off', false],
    ['on', true],
    ['not reported', undefined],
  ]).map(([word, value]) => {
    const names = switches.filter(([, state]) => state === value).map(([what]) => what);
    return names.length === 0 ? '' : `; ${word}: ${names.join(', ')}`;
  });
  return `${name || 'Microphone'}, ${sampleRate / 1000} kHz${groups.join('')}`;
}
