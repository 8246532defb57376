import Counter from "./counter";

// Asked anew for each request, not when the site is built.
export const dynamic = "force-dynamic";

export default function Page() {
  return (
    <>
      <h1>{"{{name}}"}</h1>
      <p>
        This line was made on the server at <time>{new Date().toLocaleTimeString("en-GB", { timeZone: "UTC" })}</time> UTC.
        The button below lives in your browser.
      </p>
      <Counter />
      <p>
        Change <code>app/page.jsx</code> and deploy again.
      </p>
    </>
  );
}
