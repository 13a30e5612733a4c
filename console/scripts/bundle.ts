import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fails the build where a page's first scripts are over the limit, in bytes as a browser loads them. */
export function initialSize(limit: number): Plugin {
  return {
    name: 'initial-size',
    apply: 'build',
    writeBundle(_, bundle) {
      const first = new Set<string>();
      const add = (name: string) => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || first.has(name)) return;
        first.add(name);
        chunk.imports.forEach(add);
      };
      for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) add(name);
      const size = [...first].reduce((sum, name) => {
        const chunk = bundle[name];
        return sum + (chunk?.type === 'chunk' ? gzipSync(chunk.code).length : 0);
      }, 0);
      this.info(`initial scripts: ${(size / 1024).toFixed(1)} KiB compressed`);
      if (size > limit) this.error(`The initial scripts have ${size} bytes compressed; the limit is ${limit}.`);
    },
  };
}

/** Writes each text file compressed beside itself, so that the server need not compress. */
export function compress(): Plugin {
  let folder = '';
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !['.js', '.css', '.svg'].includes(extname(entry.name))) continue;
        const file = join(entry.parentPath, entry.name);
        const bytes = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
