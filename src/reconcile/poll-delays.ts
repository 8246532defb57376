// How often to look at a starting instance: closely at first, then less and less.

/** Delays in ms for an app that may listen one day: from 250 ms, doubling, to every 30 s. */
export function* rarePolls(): Generator<number, never> {
  for (let delay = 250; delay < 30_000; delay *= 2) yield delay;
  while (true) yield 30_000;
}

/** Delays in ms: every 5 ms for 100 ms (an app that waited for its code is that quick), every 10 ms for about 2 s, every 50 ms for about 10 s, then every 200 ms. */
export function* fastPolls(): Generator<number, never> {
  for (let i = 0; i < 20; i++) yield 5;
  for (let i = 0; i < 190; i++) yield 10;
  for (let i = 0; i < 200; i++) yield 50;
  while (true) yield 200;
}
