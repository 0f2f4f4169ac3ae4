// The README's components, each mounted, used, and taken away again.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { mount, unmount } from 'svelte';
import { createApp } from 'vue';
import { Recognizer } from 'speech-emotion';
import { Emotion } from './React.jsx';
import Choose from './Svelte.svelte';
import Listen from './Vue.vue';
import { classify, report } from './consumer.js';

/** An element of the page's own for each component. */
const place = () => document.body.appendChild(document.createElement('div'));

/** Waits until a component shows an emotion. */
async function label(element) {
  for (let n = 0; n < 2_000; n += 1) {
    const found = element.textContent.match(/neutral|calm|happy|sad|angry|fear|disgust|surprise/);
    if (found) return found[0];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`expected an emotion, got ${element.innerHTML}`);
}

async function inReact(file) {
  const element = place();
  const root = createRoot(element);
  root.render(createElement(Emotion, { file }));
  const found = await label(element);
  root.unmount();
  return found;
}

async function inVue() {
  const element = place();
  const app = createApp(Listen);
  app.mount(element);
  element.querySelector('button').click();
  const found = await label(element);
  app.unmount();
  return found;
}

async function inSvelte(file) {
  const target = place();
  const component = mount(Choose, { target });
  const transfer = new DataTransfer();
  transfer.items.add(file);
  const input = target.querySelector('input');
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const found = await label(target);
  await unmount(component);
  return found;
}

report(async () => {
  // Keeps the worker for all of them.
  const recognizer = await Recognizer.load();
  const file = new File([await (await fetch(new URL('clip.wav', location.href))).blob()], 'clip.wav');
  const frameworks = [await inReact(file), await inVue(), await inSvelte(file)];
  const found = await classify(Recognizer, {});
  recognizer.dispose();
  return { ...found, frameworks };
});
