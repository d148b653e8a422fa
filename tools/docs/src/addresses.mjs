const CODE = /```[\s\S]*?```|`[^`\n]*`/g;
const LINKED = /\]\((https?:[^)\s]*)[^)]*\)|<(https?:[^>]*)>/g;

/**
 * The addresses that a text links to and that can't be any: without a host, or not to be parsed. Whether somebody
 * answers there isn't asked.
 *
 * @param {string} markdown
 * @returns {string[]}
 */
export function brokenAddresses(markdown) {
  const prose = markdown.replaceAll(CODE, '');
  return [...prose.matchAll(LINKED)]
    .map(([, inBrackets, inAngles]) => inBrackets ?? inAngles)
    .filter((address) => !URL.canParse(address) || !hasHost(new URL(address)));
}

/** @param {URL} url */
function hasHost({ hostname }) {
  return hostname === 'localhost' || hostname.includes('.');
}
