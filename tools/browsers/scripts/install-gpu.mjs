// Installs a GPU that is software, for tests.
import { installSoftwareGpu } from '../dist/software-gpu.js';

installSoftwareGpu();
