// What a page's main thread did, task by task, from the browser's own trace.
import assert from 'node:assert/strict';

/** Tasks, what is in them, and the mark that tells which thread is the page's. */
const CATEGORIES = ['toplevel', 'devtools.timeline', 'v8', 'blink.user_timing'];

/**
 * @typedef {object} Task
 * @property {number} cpu processor time, ms: other than the duration it does not count the time of other programs
 * @property {number} wall duration, ms
 * @property {string} inside what it did for a third of a millisecond or more, with the processor time
 */

/**
 * The tasks of a page's main thread while work goes on, the longest first. Of this thread alone: Chromium has pages of
 * its own, such as the list below the address bar, which begin when a window opens and take up to 70 ms at a time.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} work
 * @returns {Promise<[Task, ...Task[]]>}
 */
export async function traced(browser, page, work) {
  // What the test itself left behind is not to be collected meanwhile.
  const heap = await page.context().newCDPSession(page);
  await heap.send('HeapProfiler.collectGarbage');
  await heap.detach();
  const session = await browser.newBrowserCDPSession();
  /** @type {any[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const traceConfig = { includedCategories: CATEGORIES, excludedCategories: ['*'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await page.evaluate(() => performance.mark('traced'));
  await work();
  // The answer comes out of a task that goes on: one that has not ended with the trace is not in it.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const mark = events.find(({ name }) => name === 'traced');
  const mine = events.filter(({ pid, tid, ph }) => pid === mark?.pid && tid === mark.tid && ph === 'X');
  const tasks = mine.filter(({ name }) => name === 'ThreadControllerImpl::RunTask').map(taskOf(mine));
  const [first, ...rest] = tasks.sort((a, b) => b.cpu - a.cpu);
  assert.ok(first, `expected the page's tasks in the trace, got none of ${events.length} events`);
  return [first, ...rest];
}

/** @param {any[]} events of the thread @returns {(task: any) => Task} */
function taskOf(events) {
  // The shortest have no processor time.
  const ms = (/** @type {number | undefined} */ us) => (us ?? 0) / 1000;
  return (task) => {
    const inside = events
      .filter(({ ts, tdur }) => ts >= task.ts && ts < task.ts + task.dur && ms(tdur) > 1 / 3)
      .map(({ name, tdur, args }) => {
        const of = args.data?.functionName || args.data?.url || args.src_func;
        const told = args.chrome_mojo_event_info?.mojo_interface_tag;
        return [name, of, told, ms(tdur).toFixed(1)].filter(Boolean).join(' ');
      });
    return { cpu: ms(task.tdur), wall: ms(task.dur), inside: inside.join(', ') };
  };
}
