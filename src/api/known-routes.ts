// Which methods a path knows: what a 405 answer has to say (RFC 9110, section 15.5.6).

export interface KnownRoute {
  methods: string[];
  /** As given to Fastify: `/api/apps/:id`. */
  url: string;
}

/** The methods of all routes that match the path; none for an unknown path. Only needed for errors, so nothing is kept. */
export function allowedMethods(known: KnownRoute[], path: string): string[] {
  const matching = known.filter(({ url }) => patternOf(url).test(path));
  return [...new Set(matching.flatMap(({ methods }) => methods))];
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split(/(:\w+|\*)/)
      .map((part) =>
        part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[^\w/-]/g, "\\$&"),
      )
      .join("")}$`,
  );
