// How often to look at a starting instance: closely at first, then less and less.

/** Delays in ms: every 10 ms for about 2 s, every 50 ms for about 10 s, then every 200 ms. */
export function* fastPolls(): Generator<number, never> {
  for (let i = 0; i < 200; i++) yield 10;
  for (let i = 0; i < 200; i++) yield 50;
  while (true) yield 200;
}
