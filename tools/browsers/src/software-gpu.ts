import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findCommand, installPackage } from './debian.js';
import { findOrInstall } from './installed.js';

/** SwiftShader, Chromium's software for machines without a GPU, as a driver for Vulkan. */
const DRIVER = 'libvk_swiftshader.so';

/** Folders in which Chromium may have put it. */
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/**
 * Has Vulkan in this process take a GPU that is software: to be called before anything asks for an adapter.
 *
 * @returns whether there is one
 */
export function useSoftwareGpu(): boolean {
  const driver = findDriver();
  if (driver === undefined || !hasVulkan()) return false;
  const path = join(mkdtempSync(join(tmpdir(), 'llm101-gpu-')), 'driver.json');
  const icd = { library_path: driver, api_version: '1.0.5' };
  writeFileSync(path, JSON.stringify({ file_format_version: '1.0.0', ICD: icd }));
  process.env['VK_DRIVER_FILES'] = path;
  return true;
}

/** Installs what a software GPU needs, on Debian. */
export function installSoftwareGpu(): void {
  if (findDriver() === undefined) findOrInstall('chromium');
  if (!hasVulkan()) installPackage('libvulkan1');
}

function findDriver(): string | undefined {
  const chromium = findCommand('chromium');
  const folders = [...(chromium === undefined ? [] : [dirname(chromium)]), ...FOLDERS];
  return folders.map((folder) => join(folder, DRIVER)).find((path) => existsSync(path));
}

function hasVulkan(): boolean {
  try {
    return execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).includes('libvulkan.so.1');
  } catch {
    return false;
  }
}
