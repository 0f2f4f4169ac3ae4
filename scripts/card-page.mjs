// The model card as a page, from the card's own data: src/model/card.json and the confusion matrix beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './run.mjs';

const MODEL = join(ROOT, 'src', 'model');

/** What each protocol asks, in words. @type {Record<string, [string, string]>} */
const PROTOCOLS = {
  'combined-speaker': [
    'Voices that it never heard',
    'all four corpora; every clip scored once by a network that never heard its speaker',
  ],
  'combined-random': [
    'Voices that it knows',
    'all four corpora, split 80 to 20 by clip: it has heard each speaker in training',
  ],
  'cross-corpus': [
    'Recordings of another kind',
    'three corpora train, the fourth is scored on the emotions that it shares with them; each in turn',
  ],
  'ravdess-luna': ['RAVDESS, actors never heard', 'five folds by actor'],
  'ravdess-luna-own': ['The same, trained on RAVDESS alone', 'five folds by actor'],
  'ravdess-emobox': ['RAVDESS in other folds', 'six folds by actor'],
  'ravdess-emobox-own': ['The same, trained on RAVDESS alone', 'six folds by actor'],
  'crema-votes': [
    'CREMA-D, as listeners voted',
    'the label is what most listeners heard, and not what the actor meant',
  ],
  'crema-votes-own': ['The same, trained on CREMA-D alone', 'five folds by actor'],
  'crema-evar': ['CREMA-D, actors never heard', '19 of the 91 actors'],
  'crema-evar-own': ['The same, trained on CREMA-D alone', 'the recipe of the second weights file, crema-d'],
  'savee-loso': [
    'SAVEE, each speaker in turn',
    'four speakers, so that the interval is wide; mostly words: they say the same sentences',
  ],
  'savee-loso-own': ['The same, trained on SAVEE alone', 'three speakers'],
  'tess-cross': ['TESS, one actress to the other', 'two speakers'],
  'tess-cross-own': ['The same, trained on TESS alone', 'one speaker'],
};

/** @param {unknown} text */
const escaped = (text) =>
  String(text)
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/`([^`]+)`/g, '<code>$1</code>');
/** @param {number} share */
const hundred = (share) => (100 * share).toFixed(1);
/** @param {unknown[]} items */
const list = (items) => `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;

/** @param {string} name */
const json = (name) => JSON.parse(readFileSync(name, 'utf8'));

/**
 * @param {Record<string, any>} protocols
 * @returns {string} a table's rows
 */
function figures(protocols) {
  const known = Object.keys(PROTOCOLS).filter((id) => protocols[id]);
  const others = Object.keys(protocols).filter((id) => !PROTOCOLS[id]);
  return [...known, ...others]
    .map((id) => {
      const { wa, ua, ci95, n, macro_f1, ece, per_corpus = {} } = protocols[id];
      const [title, what] = PROTOCOLS[id] ?? [id, ''];
      const corpora = Object.entries(per_corpus);
      const parts = (corpora.length > 1 ? corpora : []).map(
        ([name, own]) =>
          `<tr class="part"><th scope="row">${escaped(name)}</th><td>${own.n}</td><td>${hundred(own.wa)}</td><td></td><td>${hundred(own.ua)}</td><td></td><td></td></tr>`,
      );
      const interval = ci95 ? `${hundred(ci95[0])} to ${hundred(ci95[1])}` : '';
      return (
        `<tr><th scope="row">${escaped(title)} <code>${escaped(id)}</code><span class="note">${escaped(what)}</span></th>` +
        `<td>${n}</td><td><strong>${hundred(wa)}</strong></td><td>${interval}</td><td>${hundred(ua)}</td>` +
        `<td>${macro_f1 === undefined ? '' : hundred(macro_f1)}</td><td>${ece === undefined ? '' : hundred(ece)}</td></tr>${parts.join('')}`
      );
    })
    .join('');
}

/** @returns {string} the confusion matrix as a table of shares; a cell's shade is a class of ten */
function confusion() {
  const [head = '', ...lines] = readFileSync(join(MODEL, 'confusion_matrix.csv'), 'utf8').trim().split('\n');
  const names = head.split(',').slice(1);
  const cells = names.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const rows = lines.map((line) => {
    const [name = '', ...counts] = line.split(',');
    const total = counts.reduce((sum, count) => sum + Number(count), 0);
    const tds = counts.map((count, column) => {
      const share = Number(count) / (total || 1);
      const own = names[column] === name ? ' own' : '';
      return `<td class="s${Math.min(9, Math.floor(share * 10))}${own}">${Math.round(share * 100)}</td>`;
    });
    return `<tr><th scope="row">${escaped(name)}</th>${tds.join('')}<td class="total">${total}</td></tr>`;
  });
  return `<thead><tr><td></td>${cells}<th scope="col">clips</th></tr></thead><tbody>${rows.join('')}</tbody>`;
}

/** What the card's page is filled with. @returns {Record<string, string>} */
export function cardPage() {
  const card = json(join(MODEL, 'card.json'));
  const corpora = json(join(ROOT, 'www', 'corpora.json'));
  const speakers = corpora.map(
    (/** @type {any} */ { name, speakers, says }) =>
      `<tr><th scope="row">${escaped(name)}</th><td>${escaped(speakers)}</td><td>${escaped(says)}</td><td>${escaped(card.licences[name] ?? '')}</td></tr>`,
  );
  return {
    figures: figures(card.protocols),
    confusion: confusion(),
    corpora: speakers.join(''),
    intended: list(card.intended_use),
    'not-for': list(card.not_for),
    limits: list(card.limits),
    'weights-licence': escaped(card.licences.weights ?? ''),
    training: escaped(card.training),
    parameters: Number(card.parameters).toLocaleString('en'),
    flops: (card.flops / 1e6).toFixed(1),
    bytes: Number(card.weights.bytes).toLocaleString('en'),
    sha256: escaped(card.weights.sha256),
    revision: escaped(card.revision),
    command: escaped(card.command),
    seed: escaped(card.seed),
  };
}

/** How many of 100 clips of voices that it never heard it names rightly. */
export function accuracy() {
  return String(Math.round(100 * json(join(MODEL, 'card.json')).protocols['combined-speaker'].wa));
}
