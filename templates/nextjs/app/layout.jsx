import "./style.css";

export const metadata = { title: "{{name}}", description: "A site made with Next.js" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
