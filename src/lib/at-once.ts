// Does something to many things, a few at a time.

/**
 * Runs `work` for each of `items`, `places` at a time, in their order. After the first failure no more is begun; it is thrown when
 * what runs has ended.
 */
export async function atOnce<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  places: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    try {
      for (let next = await rest.next(); !next.done && failure === undefined; next = await rest.next())
        await work(next.value);
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: places }, worker));
  if (failure === undefined) return;
  await rest.return?.();
  throw failure.error;
}
