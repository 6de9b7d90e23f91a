import java.io.*;
import java.net.http.*;

class Adapter {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newHttpClient(); // Use a JSON library, if you have one.
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            String method = text("method", line), body = text("body", line);
            var request = HttpRequest.newBuilder(java.net.URI.create(text("base_url", line) + text("path", line)))
                .timeout(java.time.Duration.ofMillis(Long.parseLong(text("deadline_ms", line))))
                .header("Accept", "application/json").header("Authorization", "Bearer " + text("token", line));
            if (!method.equals("GET")) request.method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!body.isEmpty()) request.header("Content-Type", "application/json");
            String outcome = "error", output = "", reply = "{'id':'%s','outcome':'%s','output':'%s'}%n";
            try { // Call your client here.
                var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200 && response.body().startsWith("{")) outcome = "ok";
            } catch (IOException error) {
                outcome = error instanceof HttpTimeoutException ? "timeout" : "connection";
                output = error.toString().replaceAll("[^ !#-\\[\\]-~]", "?");
            }
            System.out.printf(reply.replace("'", "\""), text("id", line), outcome, output);
        }
    }
    static String text(String name, String line) {
        var pattern = java.util.regex.Pattern.compile("\"" + name + "\":\"?(\\{.*?\\}|[^\",}]*)");
        return pattern.matcher(line).results().map(found -> found.group(1)).findFirst().orElse("");
    }
}
