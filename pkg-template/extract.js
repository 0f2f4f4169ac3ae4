/**
 * The features in the module with the network.
 * @module
 */
import { withOptionNames } from './features-errors.js';
import { everyOptionOf, featuresOf } from './features-options.js';

/**
 * @param {import('./client.js').Client} client
 * @param {import('./input.js').Audio} audio
 * @param {import('./index.js').FeatureOptions} [options]
 * @returns {Promise<import('./index.js').Features>}
 */
export async function extract(client, audio, options) {
  const named = { names: featuresOf(options), options: everyOptionOf(options) };
  const payload = { ...audio, ...named, module: await client.compile() };
  return client.call('features', payload).catch((error) => {
    throw withOptionNames(error);
  });
}
