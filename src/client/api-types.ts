// What each request takes and gives, read off the generated types.
import type { paths } from "./types.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Paths that know the method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in Lowercase<M>]: object } ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in Lowercase<M>]: infer O }
  ? O
  : never;

type Field<O, K extends string> = O extends { [key in K]?: infer V } ? Exclude<V, undefined> : never;

type Parameters<O, K extends string> = Field<Field<O, "parameters">, K>;

/** An answer is JSON wherever it can be, else text. */
type Content<T> = T extends { "application/json": infer V } ? V : T extends object ? string : null;

type Body<O> = Field<O, "requestBody"> extends { content: infer C } ? C[keyof C] : never;

type Good<R> = {
  [S in keyof R]: S extends 200 | 201 | 202
    ? R[S] extends { content?: infer C }
      ? Content<Exclude<C, undefined>>
      : never
    : never;
}[keyof R];

/** The data of a successful answer; null when it has none. */
export type Data<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R } ? ([Good<R>] extends [never] ? null : Good<R>) : never;

type Given<K extends string, V> = [V] extends [never]
  ? { [key in K]?: never }
  : Record<never, never> extends V
    ? { [key in K]?: V }
    : { [key in K]: V };

export type RequestOptions<M extends Method, P extends keyof paths> = Given<
  "params",
  Parameters<Operation<M, P>, "path">
> &
  Given<"query", Parameters<Operation<M, P>, "query">> &
  (Operation<M, P> extends { requestBody: object }
    ? { body: Body<Operation<M, P>> }
    : { body?: Body<Operation<M, P>> }) & {
    headers?: Record<string, string>;
    signal?: AbortSignal;
  };
