// Reads [{url, json, form}, …] on standard input and answers how Node's own parsers see each.
const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const trees = cases.map(({ url, json, form }) => {
  const seen = new URL(url);
  return {
    protocol: seen.protocol,
    host: seen.host,
    user: seen.username,
    segments: seen.pathname.split("/").map(decodeURIComponent),
    query: [...seen.searchParams],
    hash: seen.hash,
    json: JSON.parse(json),
    form: [...new URLSearchParams(form)],
  };
});
process.stdout.write(JSON.stringify(trees));
