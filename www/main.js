/** The page: its parts, and what they tell each other. */

import { ChoicesForm } from './choices-form.js';
import { ClipPanel } from './clip-panel.js';
import { recognizer } from './engine.js';
import { Inside } from './inside.js';
import { Live } from './live.js';
import { percent } from './page.js';
import { prepare } from './view.js';

const live = new Live();
const clip = new ClipPanel();
const inside = new Inside();
const choices = new ChoicesForm();

live.onAllowed = () => void choices.list();
live.onClip = (samples, sampleRate) =>
  inside.offer({ channels: [samples], sampleRate, from: 0, name: 'what you said last' });
clip.onClip = (offered) => inside.offer(offered);
clip.onBusy = () => void live.stop();
choices.record = (seconds, onSecond) => live.record(seconds, onSecond);
choices.isFree = () => live.phase === 'idle';

/** Everything, the module included, without a connection from the second visit on. */
async function keep() {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('./sw.js', { type: 'classic' });
  } catch {
    // The page works as before, with a connection.
  }
}

try {
  await recognizer(
    (share) => live.waits && live.say(`Loading the network, ${percent(Math.min(1, share))}…`, 'busy'),
  );
  performance.mark('ready');
  if (live.waits) live.say('Ready. Press the button and speak.', 'ready');
} catch (error) {
  // A clip that is under way meets the same error when its turn comes.
  if (live.phase === 'idle') live.fail(error);
}
prepare();
void keep();
