// The main job of each page in English; see jobs.mjs.
import { declareJobs } from './jobs.mjs';

declareJobs('en');
