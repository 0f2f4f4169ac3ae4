/** What every consumer's page does with the package: copied beside its own entry before it is built. */

/**
 * @param {any} Recognizer the package's class, as the consumer imported it
 * @param {object} [options] for load()
 * @returns {Promise<object>} the answer for clip.wav beside the page
 */
export async function classify(Recognizer, options) {
  const progress = [];
  const recognizer = await Recognizer.load({ ...options, onProgress: (now) => progress.push(now) });
  const response = await fetch(new URL('clip.wav', location.href));
  const analysis = await recognizer.analyze(await response.blob());
  const { label, probabilities, segments } = analysis;
  const bytes = progress.at(-1)?.loaded;
  const card = recognizer.card.classes.length;
  const level = typeof document === 'object' ? await firstLevel(recognizer) : undefined;
  recognizer.dispose();
  return { label, probability: probabilities[label], segments: segments.length, bytes, card, level };
}

/** How loud the microphone is at first: the capture worklet was found and runs. @param {any} recognizer */
async function firstLevel(recognizer) {
  let session;
  const level = await new Promise((resolve, reject) => {
    recognizer.listen({ onLevel: resolve }).then((started) => (session = started), reject);
  });
  await session?.stop();
  return level.rms;
}

/**
 * Tells the test how it went.
 * @param {() => Promise<object>} work
 */
export async function report(work) {
  try {
    globalThis.consumer = await work();
  } catch (error) {
    globalThis.consumer = { error: String(error?.stack ?? error) };
  }
}
