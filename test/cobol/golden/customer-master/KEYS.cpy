           05  :P:-KEY.
               10  :P:-BRANCH          PIC 9(4).
               10  OLD-NUMBER          PIC 9(8).
