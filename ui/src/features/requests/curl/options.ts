// curl's options: which take a value, and what each means for a request.
/** Options that change the request, by the name that the reader knows them by. */
export const MEANING: Record<string, string> = {
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '--proxy-header': 'lost',
  '-d': 'data',
  '--data': 'data',
  '--data-ascii': 'data',
  '--data-raw': 'data-raw',
  '--data-binary': 'data',
  '--data-urlencode': 'data-urlencode',
  '--json': 'json',
  '-F': 'form',
  '--form': 'form',
  '--form-string': 'form-string',
  '--url-query': 'url-query',
  '-u': 'user',
  '--user': 'user',
  '--oauth2-bearer': 'bearer',
  '-b': 'cookie',
  '--cookie': 'cookie',
  '-A': 'agent',
  '--user-agent': 'agent',
  '-e': 'referer',
  '--referer': 'referer',
  '-r': 'range',
  '--range': 'range',
  '--url': 'url',
  '-m': 'timeout',
  '--max-time': 'timeout',
  '-G': 'get',
  '--get': 'get',
  '-I': 'head',
  '--head': 'head',
  '-L': 'redirects',
  '--location': 'redirects',
  '--location-trusted': 'redirects',
  '-k': 'insecure',
  '--insecure': 'insecure',
  '-T': 'upload',
  '--upload-file': 'upload',
  '-:': 'next',
  '--next': 'next',
};

/** Options with a value that change something this product has no counterpart for, or has its own rule for. */
const LOST_WITH_VALUE = [
  '-x',
  '--proxy',
  '--preproxy',
  '-U',
  '--proxy-user',
  '--noproxy',
  '--socks4',
  '--socks4a',
  '--socks5',
  '--socks5-hostname',
  '-E',
  '--cert',
  '--cert-type',
  '--key',
  '--key-type',
  '--pass',
  '--cacert',
  '--capath',
  '--aws-sigv4',
  '--resolve',
  '--connect-to',
  '--dns-servers',
  '--interface',
  '--unix-socket',
  '--abstract-unix-socket',
  '-K',
  '--config',
  '-c',
  '--cookie-jar',
  '-z',
  '--time-cond',
  '-P',
  '--ftp-port',
  '-Q',
  '--quote',
  '-t',
  '--telnet-option',
  '--doh-url',
  '--alt-svc',
  '--hsts',
  '--ciphers',
  '--tls-max',
  '--curves',
  '--pinnedpubkey',
  '--request-target',
  '-C',
  '--continue-at',
  '--delegation',
  '--login-options',
  '--variable',
  '--expand-url',
  '--expand-data',
  '--expand-header',
  '--proto',
  '--proto-redir',
  '--proto-default',
];
const LOST = [
  '--digest',
  '--ntlm',
  '--negotiate',
  '--anyauth',
  '-n',
  '--netrc',
  '--http2-prior-knowledge',
  '--http3-only',
  '-j',
  '--junk-session-cookies',
  '--path-as-is',
  '--tr-encoding',
  '--crlf',
  '-p',
  '--proxytunnel',
  '-a',
  '--append',
  '--raw',
];

/** Options that only change what curl shows or how it connects; they go without a word. */
const QUIET_WITH_VALUE = [
  '-o',
  '--output',
  '--output-dir',
  '-w',
  '--write-out',
  '-D',
  '--dump-header',
  '--connect-timeout',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '--limit-rate',
  '-Y',
  '--speed-limit',
  '-y',
  '--speed-time',
  '--max-redirs',
  '--max-filesize',
  '--keepalive-time',
  '--trace',
  '--trace-ascii',
  '--stderr',
  '--expect100-timeout',
  '--happy-eyeballs-timeout-ms',
  '--etag-save',
  '--etag-compare',
  '--parallel-max',
  '--rate',
  '--create-file-mode',
  '--libcurl',
  '--trace-config',
  '--cert-status',
];
const QUIET = [
  '-s',
  '--silent',
  '-S',
  '--show-error',
  '-v',
  '--verbose',
  '-i',
  '--include',
  '--show-headers',
  '-f',
  '--fail',
  '--fail-with-body',
  '--fail-early',
  '--compressed',
  '--compressed-ssh',
  '-#',
  '--progress-bar',
  '-N',
  '--no-buffer',
  '-O',
  '--remote-name',
  '--remote-name-all',
  '-J',
  '--remote-header-name',
  '--create-dirs',
  '-R',
  '--remote-time',
  '-g',
  '--globoff',
  '-q',
  '--disable',
  '-0',
  '--http1.0',
  '--http1.1',
  '--http2',
  '--http3',
  '-1',
  '--tlsv1',
  '--tlsv1.0',
  '--tlsv1.1',
  '--tlsv1.2',
  '--tlsv1.3',
  '-2',
  '-3',
  '-4',
  '--ipv4',
  '-6',
  '--ipv6',
  '--basic',
  '--ssl',
  '--ssl-reqd',
  '--ssl-no-revoke',
  '--tcp-nodelay',
  '--tcp-fastopen',
  '--keepalive',
  '--alpn',
  '--trace-time',
  '--post301',
  '--post302',
  '--post303',
  '--retry-all-errors',
  '--retry-connrefused',
  '--styled-output',
  '--progress-meter',
  '--location-untrusted',
  '-Z',
  '--parallel',
  '--no-progress-meter',
  '--buffer',
  '--suppress-connect-headers',
  '--haproxy-protocol',
  '--false-start',
  '--sessionid',
  '--clobber',
  '--no-clobber',
  '--remove-on-error',
  '--skip-existing',
  '--xattr',
  '-l',
  '-B',
  '--use-ascii',
];

const WITH_VALUE = new Set([
  ...Object.keys(MEANING).filter(
    (option) => !['get', 'head', 'redirects', 'insecure', 'next'].includes(MEANING[option]!),
  ),
  ...LOST_WITH_VALUE,
  ...QUIET_WITH_VALUE.filter((option) => option !== '--cert-status'),
]);
const LOST_ALL = new Set([...LOST_WITH_VALUE, ...LOST]);
const QUIET_ALL = new Set([...QUIET_WITH_VALUE, ...QUIET]);

export interface Option {
  /** As it was written: `-X` or `--request`. */
  written: string;
  meaning: string;
  value: string;
}

/** The options and addresses of curl's words (those behind `curl`); an address has the meaning `url`. */
export function readOptions(words: string[]): Option[] {
  const found: Option[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      found.push(...left.splice(0).map((value) => ({ written: value, meaning: 'url', value })));
    } else if (word.startsWith('--')) {
      found.push(readLong(word, left));
    } else if (word.startsWith('-') && word.length > 1) {
      found.push(...readShort(word, left));
    } else if (word !== '') {
      found.push({ written: word, meaning: 'url', value: word });
    }
  }
  return found;
}

function readLong(word: string, left: string[]): Option {
  const at = word.indexOf('=');
  const written = at < 0 ? word : word.slice(0, at);
  const meaning = meaningOf(written);
  if (at >= 0) return { written, meaning, value: word.slice(at + 1) };
  return { written, meaning, value: WITH_VALUE.has(written) ? (left.shift() ?? '') : '' };
}

function readShort(word: string, left: string[]): Option[] {
  const found: Option[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const written = `-${word[at]}`;
    const meaning = meaningOf(written);
    if (WITH_VALUE.has(written)) {
      const value = word.slice(at + 1) || (left.shift() ?? '');
      return [...found, { written, meaning, value }];
    }
    found.push({ written, meaning, value: '' });
  }
  return found;
}

function meaningOf(written: string): string {
  const positive = written.startsWith('--no-') ? `--${written.slice(5)}` : written;
  if (positive !== written && (QUIET_ALL.has(positive) || positive in MEANING || LOST_ALL.has(positive)))
    return 'quiet';
  if (Object.hasOwn(MEANING, written)) return MEANING[written]!;
  if (LOST_ALL.has(written)) return 'lost';
  return QUIET_ALL.has(written) ? 'quiet' : 'unknown';
}
