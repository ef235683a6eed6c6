           05  :T:-GOOD              PIC X.
           05  :T:-BAD               PIC S9 SIGN IS MIDDLE.
