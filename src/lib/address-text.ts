// Host and port as one word, as URLs and Host headers write them (RFC 3986, 3.2.2: IPv6 addresses stand in brackets).

export const addressText = (host: string, port: number): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
