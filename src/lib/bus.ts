// Tells news to whoever listens at the moment.

export interface Bus<News> {
  announce(news: News): void;
  /** Returns the undo. */
  on(listener: (news: News) => void): () => void;
}

export function createBus<News>(): Bus<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    announce(news) {
      for (const listener of listeners) listener(news);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
