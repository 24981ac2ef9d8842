/* Looks how far long work is, every two seconds; without it the page is loaded again instead. */
(() => {
  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("job");
      if (!fresh) return location.reload();
      document.getElementById("job").innerHTML = fresh.innerHTML;
    } catch {
      /* no network for a moment */
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
})();
