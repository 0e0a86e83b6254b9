// SPDX-License-Identifier: Apache-2.0
// Two soft tones for a new critical alarm; silent until somebody switches them on.

let audio = null;

export function allow() {
  audio ??= new AudioContext();
  audio.resume();
}

export function chime() {
  if (!audio) return;
  for (const [frequency, after] of [
    [660, 0],
    [880, 0.22],
  ]) {
    const [tone, gain] = [audio.createOscillator(), audio.createGain()];
    const from = audio.currentTime + after;
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.25, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.6);
    tone.connect(gain).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.6);
  }
}
