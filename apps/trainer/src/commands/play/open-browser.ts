import { spawn } from 'node:child_process';

/** Opens an address in the browser of whoever sits here; where there is none, nothing happens. */
export function openBrowser(address: string): void {
  const [program, ...args] = openerOf(process.platform, process.env) ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...args, address], { detached: true, stdio: 'ignore' });
  child.on('error', () => {}); // the address is on the terminal
  child.unref();
}

/** The program that opens addresses, and its first arguments; nothing where there is no screen. */
function openerOf(
  platform: NodeJS.Platform,
  { DISPLAY = '', WAYLAND_DISPLAY = '' }: NodeJS.ProcessEnv,
): readonly string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return DISPLAY === '' && WAYLAND_DISPLAY === '' ? undefined : ['xdg-open'];
}
