"""What the public pages say to machines: sitemap, robots.txt, and each page's description of itself."""
