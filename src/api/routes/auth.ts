// One-time links: made over the socket, opened by a browser.
import * as z from "zod";
import type { Routes } from "../api.ts";
import { HttpProblem } from "../problem.ts";
import { answers, NoBody, NoQuery, Time } from "../schemas/parts.ts";

const LoginQuery = z.strictObject({ token: z.string().max(100) });

export const authRoutes: Routes = (api, { auth, sessions, url }) => {
  api.post(
    "/api/auth/link",
    {
      config: { access: "socket" },
      schema: {
        tags: ["system"],
        summary: "Makes a link that signs one browser in, once, within five minutes",
        querystring: NoQuery,
        body: NoBody,
        response: answers(201, z.object({ url: z.string(), expiresAt: Time })),
      },
    },
    async (_, reply) => {
      const { token, expiresAt } = sessions.createLink();
      reply.code(201);
      return { url: `${url()}/login?token=${token}`, expiresAt: new Date(expiresAt).toISOString() };
    },
  );

  api.get(
    "/login",
    {
      config: { access: "public" },
      // A look at the headers shall not use the link up.
      exposeHeadRoute: false,
      schema: {
        tags: ["system"],
        summary: "Opens a one-time link",
        querystring: LoginQuery,
        response: answers(303, z.null().describe("To the dashboard, signed in")),
      },
    },
    async ({ query }, reply) => {
      const session = await sessions.redeem(query.token);
      if (session === null) throw new HttpProblem("link-used");
      reply.header("set-cookie", auth.cookie(session.secret, session.maxAgeS));
      return reply.code(303).header("location", "/").send(null);
    },
  );
};
