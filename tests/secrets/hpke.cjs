// Seals and opens as a browser does, with @hpke/core: reads {action: "seal"|"open", keys in hex, info, value, hosts | sealed}
// as one JSON line from stdin, writes {sealed} or {plaintext} (text) to stdout; a value that does not open ends with status 2.
const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = require("@hpke/core");

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

// As `secret_info`: each part after its length in bytes, 4 bytes big-endian.
function encodeInfo(parts) {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

async function seal({ public_key, info, value, hosts }) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(Buffer.from(public_key, "hex"));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: encodeInfo(info) });
  const ciphertext = await sender.seal(new TextEncoder().encode(JSON.stringify({ value, hosts })));
  return { sealed: Buffer.concat([Buffer.from(sender.enc), Buffer.from(ciphertext)]).toString("base64url") };
}

async function open({ private_key, info, sealed }) {
  const bytes = Buffer.from(sealed, "base64url");
  const recipientKey = await suite.kem.deserializePrivateKey(Buffer.from(private_key, "hex"));
  const recipient = await suite.createRecipientContext({ recipientKey, enc: bytes.subarray(0, 32), info: encodeInfo(info) });
  return { plaintext: Buffer.from(await recipient.open(bytes.subarray(32))).toString("utf8") };
}

async function main() {
  const task = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  console.log(JSON.stringify(await (task.action === "seal" ? seal(task) : open(task))));
}

main().catch((problem) => {
  console.error(String(problem));
  process.exit(2);
});
